/** An export whose connection breaks, and whose clean-up breaks too. */
public class Main {
    static class ExportFailed extends RuntimeException {
        ExportFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static class Connection implements AutoCloseable {
        void send(String order) throws java.io.IOException {
            throw new java.io.IOException("Connection reset by peer while sending " + order);
        }

        @Override
        public void close() {
            throw new IllegalStateException("rollback failed: no transaction");
        }
    }

    public static void main(String[] args) {
        System.out.println("exporting order 1042");
        export("1042");
    }

    static void export(String order) {
        try (var connection = new Connection()) {
            connection.send(order);
        } catch (java.io.IOException e) {
            throw new ExportFailed("order " + order + " could not be exported", e);
        }
    }
}
