package io.syncjobs.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrderedSetTest {
    @Test
    void itKeepsItsOrderAndKnowsEachRankWhateverComesAndGoes() {
        var random = new Random(7);
        var set = new OrderedSet<Integer>(Comparator.naturalOrder());
        var expected = new TreeSet<Integer>();
        for (var i = 0; i < 5_000; i++) {
            int number = random.nextInt(500);
            if (expected.add(number)) {
                set.add(number);
            } else {
                expected.remove(number);
                set.remove(number);
            }
            assertThat(set.size()).isEqualTo(expected.size());
            assertThat(set.first().isPresent()).isEqualTo(!expected.isEmpty());
            assertThat(set.rank(number)).isEqualTo(expected.headSet(number).size());
        }
        assertThat(set).containsExactlyElementsOf(expected);
    }

    @Test
    void sortedArrivalsDoNotMakeItSlow() {
        var set = new OrderedSet<Integer>(Comparator.naturalOrder());
        for (var i = 0; i < 100_000; i++) set.add(i);

        // A list in disguise would overflow the stack long before.
        assertThat(set.rank(99_999)).isEqualTo(99_999);
        assertThat(new ArrayList<>(set.first().stream().toList())).containsExactly(0);
    }
}
