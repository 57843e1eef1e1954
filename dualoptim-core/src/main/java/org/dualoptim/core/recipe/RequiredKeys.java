package org.dualoptim.core.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.util.ClassUtil;

/** Every record component is a required key, unless it is boxed or says that it is not. */
final class RequiredKeys extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public Boolean hasRequiredMarker(AnnotatedMember member) {
    JsonProperty annotation = _findAnnotation(member, JsonProperty.class);
    if (annotation != null && annotation.isRequired() != OptBoolean.DEFAULT) {
      return annotation.isRequired().asBoolean();
    }
    boolean component =
        member instanceof AnnotatedParameter && member.getDeclaringClass().isRecord();
    return component && ClassUtil.primitiveType(member.getRawType()) == null ? Boolean.TRUE : null;
  }
}
