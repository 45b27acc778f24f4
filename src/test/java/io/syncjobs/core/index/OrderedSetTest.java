package io.syncjobs.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OrderedSetTest {
    @Test
    void itKeepsItsOrderAndKnowsEachRankWhateverComesAndGoes() {
        var random = new Random(7);
        var set = new OrderedSet<Integer>(Comparator.naturalOrder(), number -> number % 7 == 0);
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
            assertThat(set.first(true))
                    .isEqualTo(expected.stream().filter(each -> each % 7 == 0).findFirst());
            assertThat(set.first(false))
                    .isEqualTo(expected.stream().filter(each -> each % 7 != 0).findFirst());
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

    /** A tenant chooses the names of its jobs, and knows this code. */
    @Test
    void arrivalsInAnOrderThatWasMadeForKnownWeightsDoNotMakeItSlow() {
        var weights = new int[50_000];
        var weight = 1;
        for (var i = 0; i < weights.length; i++) {
            weight ^= weight << 13;
            weight ^= weight >>> 17;
            weight ^= weight << 5;
            weights[i] = weight;
        }
        var sorted = weights.clone();
        Arrays.sort(sorted);
        var set = new OrderedSet<Integer>(Comparator.reverseOrder());

        for (var each : weights) set.add(Arrays.binarySearch(sorted, each));

        assertThat(set.size()).isEqualTo(weights.length);
    }

    @Test
    @Timeout(60)
    void oneWithoutTheMarkBehindThousandsThatHaveItIsFoundAtOnce() {
        var set = new OrderedSet<Integer>(Comparator.naturalOrder(), number -> number < 100_000);
        for (var i = 0; i <= 100_000; i++) set.add(i);

        for (var i = 0; i < 300_000; i++)
            assertThat(set.first(false).orElseThrow()).isEqualTo(100_000);
    }
}
