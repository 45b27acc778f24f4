public class Main {
    public static void main(String[] args) {
        var stack = new java.util.ArrayDeque<String>();
        stack.removeFirst();
    }
}
