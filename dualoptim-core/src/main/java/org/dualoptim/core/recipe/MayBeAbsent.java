package org.dualoptim.core.recipe;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a record component: the recipe may leave the key out, and the component is then null. */
@Retention(RetentionPolicy.RUNTIME)
@JacksonAnnotationsInside
@JsonProperty(isRequired = OptBoolean.FALSE)
public @interface MayBeAbsent {}
