package io.syncjobs.core.index;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set that also knows how many elements come before an element, and which is the first one with a mark or without. It is a
 * treap whose nodes know what is in their subtrees. Every operation on one element takes O(log n).
 */
final class OrderedSet<E> implements Iterable<E> {
    /**
     * Where the pseudo-random weights begin. Nobody knows it: whoever chooses the names of jobs could otherwise choose them such that
     * the tree becomes a list of thousands.
     */
    private static final int SECRET = new Random().nextInt() | 1;

    private static final class Node<E> {
        final E element;
        final int weight;
        final boolean marked;

        @Nullable
        Node<E> left;

        @Nullable
        Node<E> right;

        int size = 1;

        /** Whether there are elements with the mark, and elements without it, from here on down. */
        boolean hasMarked;

        boolean hasPlain;

        Node(E element, int weight, boolean marked) {
            this.element = element;
            this.weight = weight;
            this.marked = marked;
            hasMarked = marked;
            hasPlain = !marked;
        }

        Node<E> counted() {
            size = 1 + size(left) + size(right);
            hasMarked = marked || has(left, true) || has(right, true);
            hasPlain = !marked || has(left, false) || has(right, false);
            return this;
        }
    }

    private final Comparator<? super E> order;
    private @Nullable Node<E> root;

    /** The right part of the last {@link #split}. */
    private @Nullable Node<E> rest;

    private int weights = SECRET;
    private final Predicate<? super E> marks;

    OrderedSet(Comparator<? super E> order) {
        this(order, element -> false);
    }

    /** {@code marks} is true for the elements that have the mark; it never changes for an element. */
    OrderedSet(Comparator<? super E> order, Predicate<? super E> marks) {
        this.order = order;
        this.marks = marks;
    }

    int size() {
        return size(root);
    }

    boolean isEmpty() {
        return root == null;
    }

    /** Adds an element that is not in the set yet. */
    void add(E element) {
        root = insert(root, new Node<>(element, nextWeight(), marks.test(element)));
    }

    void remove(E element) {
        root = remove(root, element);
    }

    Optional<E> first() {
        var node = root;
        if (node == null) return Optional.empty();
        while (node.left != null) node = node.left;
        return Optional.of(node.element);
    }

    /** The first elements, in order. */
    List<E> first(int atMost) {
        var found = new ArrayList<E>();
        var each = iterator();
        while (found.size() < atMost && each.hasNext()) found.add(each.next());
        return found;
    }

    /** The first element with the mark, or the first one without it. */
    Optional<E> first(boolean marked) {
        var node = has(root, marked) ? root : null;
        while (node != null) {
            if (has(node.left, marked)) node = node.left;
            else if (node.marked == marked) return Optional.of(node.element);
            else node = node.right;
        }
        return Optional.empty();
    }

    /** The element with exactly {@code rank} elements before it; empty if there is none. */
    Optional<E> get(int rank) {
        if (rank < 0) return Optional.empty();
        var node = root;
        var more = rank;
        while (node != null) {
            var before = size(node.left);
            if (more == before) return Optional.of(node.element);
            if (more < before) {
                node = node.left;
            } else {
                more -= before + 1;
                node = node.right;
            }
        }
        return Optional.empty();
    }

    /** The number of elements before this one. */
    int rank(E element) {
        var rank = 0;
        var node = root;
        while (node != null) {
            var compared = order.compare(element, node.element);
            if (compared < 0) {
                node = node.left;
            } else {
                rank += size(node.left);
                if (compared == 0) return rank;
                rank++;
                node = node.right;
            }
        }
        return rank;
    }

    /** Iterates in order. The set must not change meanwhile. */
    @Override
    public Iterator<E> iterator() {
        var path = new ArrayDeque<Node<E>>();
        descend(path, root);
        return along(path);
    }

    /** Iterates from {@code first} on; {@code first} need not be in the set. */
    Iterator<E> from(E first) {
        var path = new ArrayDeque<Node<E>>();
        var node = root;
        while (node != null) {
            if (order.compare(node.element, first) < 0) {
                node = node.right;
            } else {
                path.push(node);
                node = node.left;
            }
        }
        return along(path);
    }

    private static <E> Iterator<E> along(ArrayDeque<Node<E>> path) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !path.isEmpty();
            }

            @Override
            public E next() {
                if (path.isEmpty()) throw new NoSuchElementException();
                var node = path.pop();
                descend(path, node.right);
                return node.element;
            }
        };
    }

    private static <E> void descend(ArrayDeque<Node<E>> path, @Nullable Node<E> from) {
        for (var node = from; node != null; node = node.left) path.push(node);
    }

    /** Pseudo-random weights. They decide how the tree looks, and not what it answers. */
    private int nextWeight() {
        weights ^= weights << 13;
        weights ^= weights >>> 17;
        weights ^= weights << 5;
        return weights;
    }

    private Node<E> insert(@Nullable Node<E> node, Node<E> added) {
        if (node == null) return added;
        if (added.weight > node.weight) {
            added.left = split(node, added.element);
            added.right = rest;
            return added.counted();
        }
        if (order.compare(added.element, node.element) < 0) node.left = insert(node.left, added);
        else node.right = insert(node.right, added);
        return node.counted();
    }

    /** Returns the elements before {@code at}; the others are in {@link #rest}. */
    private @Nullable Node<E> split(@Nullable Node<E> node, E at) {
        if (node == null) {
            rest = null;
            return null;
        }
        if (order.compare(node.element, at) < 0) {
            node.right = split(node.right, at);
            return node.counted();
        }
        var before = split(node.left, at);
        node.left = rest;
        rest = node.counted();
        return before;
    }

    private @Nullable Node<E> remove(@Nullable Node<E> node, E element) {
        if (node == null) return null;
        var compared = order.compare(element, node.element);
        if (compared == 0) return merge(node.left, node.right);
        if (compared < 0) node.left = remove(node.left, element);
        else node.right = remove(node.right, element);
        return node.counted();
    }

    private @Nullable Node<E> merge(@Nullable Node<E> before, @Nullable Node<E> after) {
        if (before == null) return after;
        if (after == null) return before;
        if (before.weight > after.weight) {
            before.right = merge(before.right, after);
            return before.counted();
        }
        after.left = requireNonNull(merge(before, after.left));
        return after.counted();
    }

    private static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static boolean has(@Nullable Node<?> node, boolean marked) {
        return node != null && (marked ? node.hasMarked : node.hasPlain);
    }
}
