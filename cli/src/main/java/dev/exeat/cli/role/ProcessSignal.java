package dev.exeat.cli.role;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Catches signals of the process. A shutdown hook could not do it: it cannot tell SIGHUP from SIGTERM, and the exit
 * code of a process that ends by one is never 0. {@code sun.misc.Signal} is reached by reflection, because naming it
 * makes the compiler warn in a way that cannot be switched off.
 */
public final class ProcessSignal {
    private ProcessSignal() {}

    /**
     * @param name without SIG, for example {@code TERM}
     * @param action runs on a thread of the JVM's; must not block for long
     */
    @SuppressWarnings("ReferenceEquality") // a handler equals itself alone
    public static void handle(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            Object handler =
                    Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, invocation);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM cannot catch SIG" + name + "; it was started with -Xrs?", e);
        }
    }
}
