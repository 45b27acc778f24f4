public class Main {
    public static void main(String[] args) {
        var trace = new java.io.StringWriter();
        new IllegalStateException("warehouse says no").printStackTrace(new java.io.PrintWriter(trace));
        System.out.println("{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"level\":\"INFO\",\"message\":\"starting\"}");
        System.out.println("{\"@timestamp\":\"2026-01-01T00:00:01Z\",\"level\":\"ERROR\",\"message\":\"export failed\",\"stack_trace\":\""
                + trace.toString().replace("\n", "\\n").replace("\t", "\\t") + "\"}");
        System.exit(1);
    }
}
