public class Main {
    public static void main(String[] args) {
        System.out.println("\u001b[32mINFO\u001b[0m starting");
        System.err.println("\u001b[1;31mERROR\u001b[0m export failed");
        System.err.println("\u001b[31mjava.lang.IllegalArgumentException: price must not be negative\u001b[0m");
        System.err.println("\u001b[31m\tat shop.Export.run(Export.java:12)\u001b[0m");
        System.exit(1);
    }
}
