package dev.graft.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handlers for the process's signals. Java has them in {@code sun.misc.Signal} only, which the
 * compiler warns of wherever it is named: so it is called by reflection.
 */
final class Signals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /**
   * Sets what a signal does.
   *
   * @param name such as {@code INT}
   * @return puts the handler back that was there before; does nothing where the JVM leaves the
   *     signal alone (-Xrs)
   */
  static Runnable handle(String name, Runnable action) {
    try {
      Class<?> handlerType = Class.forName(HANDLER);
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, args) -> {
                if (method.getDeclaringClass() == Object.class) {
                  return method.invoke(action, args);
                }
                action.run();
                return null;
              });
      Object before = set(name, handler);
      return () -> {
        try {
          set(name, before);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("the handler of " + name + " cannot be put back", e);
        }
      };
    } catch (InvocationTargetException e) {
      return () -> {};
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no " + SIGNAL, e);
    }
  }

  private static Object set(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signalType = Class.forName(SIGNAL);
    Object signal = signalType.getConstructor(String.class).newInstance(name);
    return signalType
        .getMethod("handle", signalType, Class.forName(HANDLER))
        .invoke(null, signal, handler);
  }
}
