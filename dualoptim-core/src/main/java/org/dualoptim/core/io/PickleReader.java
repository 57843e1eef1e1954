package org.dualoptim.core.io;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle (protocols 2 to 4) as data. A pickle is a program for a stack machine; this
 * machine has the instructions that build numbers, text, lists, tuples and dictionaries, and hands
 * every call to {@link Constructors}, which knows a fixed few. No class is ever looked up.
 *
 * <p>Values are {@link Long}, {@link BigInteger}, {@link Double}, {@link Boolean}, {@link String},
 * {@code byte[]}, {@link #NONE}, {@link Tuple}, {@link Sequence}, {@link Dict}, {@link Global} and
 * what the constructors return. They may contain themselves: a walk over them must bound its depth.
 */
final class PickleReader {
  /** Python's {@code None}. */
  static final Object NONE = new Object();

  /**
   * About 160,000 tensors. An instruction makes at most one value, so this bounds memory as well as
   * time.
   */
  private static final int MAX_INSTRUCTIONS = 4_000_000;

  /** Bytes; larger ones would take ages to print. */
  private static final int MAX_INTEGER = 1024;

  /** A Python tuple. */
  record Tuple(List<Object> items) {}

  /** A Python list. */
  record Sequence(List<Object> items) {}

  /** A Python dictionary; its keys are text, numbers, booleans or {@link #NONE}. */
  record Dict(Map<Object, Object> entries) {}

  /** A Python class or function, by name only. */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /** What the names in a pickle stand for. */
  interface Constructors {
    /** Refuses a name that is not on the list. */
    void admit(Global global) throws IOException;

    /** What an admitted name makes of its arguments. */
    Object call(Global global, List<Object> arguments) throws IOException;

    /** What a persistent id, a reference to something outside the pickle, stands for. */
    Object resolve(Object persistentId) throws IOException;
  }

  private final PickleInput in;
  private final Constructors constructors;
  private final Map<Long, Object> memo = new HashMap<>();
  private final Deque<List<Object>> outer = new ArrayDeque<>();
  private List<Object> stack = new ArrayList<>();

  private PickleReader(PickleInput in, Constructors constructors) {
    this.in = in;
    this.constructors = constructors;
  }

  /**
   * Reads the next pickle of {@code in} up to and including its STOP.
   *
   * @throws IOException if it is cut short, malformed, too large, or names something that {@code
   *     constructors} refuses
   */
  static Object read(PickleInput in, Constructors constructors) throws IOException {
    PickleReader reader = new PickleReader(in, constructors);
    for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
      int instruction = in.u1();
      if (instruction == '.') {
        return reader.pop();
      }
      reader.run(instruction);
    }
    throw in.damaged("its pickle has more than " + MAX_INSTRUCTIONS + " instructions");
  }

  private void run(int instruction) throws IOException {
    switch (instruction) {
      case 0x80 -> checkProtocol(in.u1());
      case 0x95 -> in.checkAvailable(in.i8()); // FRAME: a hint for buffering
      case 'N' -> push(NONE);
      case 0x88 -> push(Boolean.TRUE);
      case 0x89 -> push(Boolean.FALSE);
      case 'J' -> push((long) in.i4());
      case 'K' -> push((long) in.u1());
      case 'M' -> push((long) in.u2());
      case 0x8a -> push(integer(in.u1()));
      case 0x8b -> push(integer(in.u4()));
      case 'G' -> push(in.bigEndianDouble());
      case 'X' -> push(in.text(in.u4()));
      case 0x8c, 'U' -> push(in.text(in.u1())); // 'U' and 'T' are Python 2's str
      case 0x8d -> push(in.text(in.i8()));
      case 'T' -> push(in.text(in.u4()));
      case 'C' -> push(in.bytes(in.u1()));
      case 'B' -> push(in.bytes(in.u4()));
      case 0x8e -> push(in.bytes(in.i8()));
      case '}' -> push(new Dict(new LinkedHashMap<>()));
      case ']' -> push(new Sequence(new ArrayList<>()));
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> pushTuple(1);
      case 0x86 -> pushTuple(2);
      case 0x87 -> pushTuple(3);
      case 't' -> push(new Tuple(popToMark()));
      case 'l' -> push(new Sequence(popToMark()));
      case 'd' -> push(putAll(new Dict(new LinkedHashMap<>()), popToMark()));
      case '(' -> {
        outer.push(stack);
        stack = new ArrayList<>();
      }
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top());
      case 'a' -> append(takeLast(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(takeLast(2));
      case 'u' -> setItems(popToMark());
      case 'q' -> memo.put((long) in.u1(), top());
      case 'r' -> memo.put(in.u4(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(in.u1()));
      case 'j' -> push(remembered(in.u4()));
      case 'c' -> pushGlobal(in.line(), in.line());
      case 0x93 -> {
        List<Object> names = takeLast(2);
        pushGlobal(text(names.get(0)), text(names.get(1)));
      }
      case 'Q' -> push(constructors.resolve(pop()));
      case 'R', 0x81 -> call(takeLast(2));
      case 'b' -> build(pop());
      default ->
          throw in.damaged(
              "its pickle has the instruction 0x"
                  + Integer.toHexString(instruction)
                  + ", which torch.save does not write");
    }
  }

  private void checkProtocol(int protocol) throws IOException {
    if (protocol > 5) {
      throw in.damaged("its pickle claims protocol " + protocol);
    }
  }

  private Object integer(long size) throws IOException {
    if (size > MAX_INTEGER) {
      throw in.damaged("its pickle holds an integer of " + size + " bytes");
    }
    byte[] littleEndian = in.bytes(size);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    BigInteger value = bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private void pushTuple(int count) throws IOException {
    push(new Tuple(takeLast(count)));
  }

  private void pushGlobal(String module, String name) throws IOException {
    Global global = new Global(module, name);
    constructors.admit(global);
    push(global);
  }

  private void call(List<Object> functionAndArguments) throws IOException {
    if (functionAndArguments.get(0) instanceof Global global
        && functionAndArguments.get(1) instanceof Tuple arguments) {
      push(constructors.call(global, arguments.items()));
    } else {
      throw in.damaged("its pickle calls something that is not a function");
    }
  }

  /**
   * State of an ordered dictionary is its attributes (torch keeps version numbers there), not its
   * content.
   */
  private void build(Object state) throws IOException {
    if (!(top() instanceof Dict) || !(state instanceof Dict)) {
      throw in.damaged("its pickle sets the state of an object that has none");
    }
  }

  private void append(List<Object> items) throws IOException {
    if (!(top() instanceof Sequence list)) {
      throw in.damaged("its pickle appends to something that is not a list");
    }
    list.items().addAll(items);
  }

  private void setItems(List<Object> keysAndValues) throws IOException {
    if (!(top() instanceof Dict dict)) {
      throw in.damaged("its pickle sets an item of something that is not a dictionary");
    }
    putAll(dict, keysAndValues);
  }

  private Dict putAll(Dict dict, List<Object> keysAndValues) throws IOException {
    if (keysAndValues.size() % 2 != 0) {
      throw in.damaged("its pickle gives a dictionary a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      put(in, dict, keysAndValues.get(i), keysAndValues.get(i + 1));
    }
    return dict;
  }

  /** Adds an entry whose key can be part of a name. */
  static void put(PickleInput in, Dict dict, Object key, Object value) throws IOException {
    if (!(key instanceof String
        || key instanceof Number
        || key instanceof Boolean
        || key == NONE)) {
      throw in.damaged("its pickle has a dictionary key that is neither text nor a number");
    }
    dict.entries().put(key, value);
  }

  private String text(Object value) throws IOException {
    if (value instanceof String text) {
      return text;
    }
    throw in.damaged("its pickle names a class by something that is not text");
  }

  private Object remembered(long key) throws IOException {
    Object value = memo.get(key);
    if (value == null) {
      throw in.damaged("its pickle recalls value " + key + ", which it never stored");
    }
    return value;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() throws IOException {
    requireValues(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws IOException {
    requireValues(1);
    return stack.remove(stack.size() - 1);
  }

  private List<Object> takeLast(int count) throws IOException {
    requireValues(count);
    List<Object> tail = stack.subList(stack.size() - count, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }

  private List<Object> popToMark() throws IOException {
    if (outer.isEmpty()) {
      throw in.damaged("its pickle closes a group that it never opened");
    }
    List<Object> values = stack;
    stack = outer.pop();
    return values;
  }

  private void requireValues(int count) throws IOException {
    if (stack.size() < count) {
      throw in.damaged("its pickle uses a value that is not there");
    }
  }
}
