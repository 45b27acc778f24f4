import io.syncjobs.core.blame.Blame;
import io.syncjobs.core.blame.Fact;
import io.syncjobs.core.blame.Row;
import io.syncjobs.core.blame.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;

/** Writes the table of blame as a page of the documentation, into the file named by the first argument. */
void main(String[] args) throws Exception {
    var page = new StringBuilder("""
            # Outcomes

            Each way in which a run can end, or fail to begin: who says it, who is to blame, and what follows. This page is generated from the table that the operator asks (`core/blame`); within a section the first row that matches counts, and the last one matches everything else.

            - **Blame** is the action (what the worker's program does), the template, the namespace (an object in it, or its limits), the node, the registry, the cluster (its API server, its admission, the installation of SyncJobs), or nobody. What a node or a registry does is never counted against a job.
            - **Waits with its pod**: its node or the scheduler goes on trying. After `jobs.podStartSeconds` the job ends `PodNeverStarted`, with the reason of the row as `error.type`; with `retry.when: Any` it is retried.
            - **Another pod is made**: the job keeps its place, and the next pod comes after 5 s, 10 s, 20 s … 1 min; it ends as the one that waits does.
            - **Runs again**: the attempt is lost, the job waits its turn anew, after 5 s, 10 s, 20 s … 1 min; at once where a worker had begun and it is the first loss in a row. Where it is *counted*, three losses end the job with `WorkerLost`.
            - **Failed**: at once; with `retry.when: Any` it is retried as `retry` says.
            - A pod that has not started and was made from another template than today's is replaced, uncounted: a mended template frees what waits. A job's own template cannot be changed: delete the job and create it again.
            - In words that something *says*, `#` stands for a digit and ` … ` for anything between.
            - *Words in italics* stand for names that are put there: of the object, the node, the container, the pod.
            """);
    for (var source : Source.values()) {
        page.append("\n## ").append(source.title()).append("\n\nThe signal is ").append(source.signal()).append(".\n\n");
        page.append("| row | signal | blame | what follows | counted | again | reason | what to do |\n");
        page.append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (var row : Blame.table()) if (row.source() == source) page.append(line(row));
    }
    Files.writeString(Path.of(args[0]), page);
}

String line(Row row) {
    var course = row.course();
    return "| " + String.join(" | ", row.id(), signal(row), row.party().toString(), course.text(), course.counted(), course.again(),
            "`" + row.reason() + "`", row.advice().replaceAll("\\{(\\w+)(\\|[^}]*)?}", "*$1*")) + " |\n";
}

/** All conditions of a row's signal. */
String signal(Row row) {
    var parts = new ArrayList<String>();
    if (!row.codes().isEmpty()) parts.add(row.codes().stream().map(code -> "`" + code + "`").collect(Collectors.joining(", ")));
    if (!row.phrases().isEmpty()) parts.add("says " + row.phrases().stream().map(phrase -> "\"" + phrase.strip() + "\"").collect(Collectors.joining(" or ")));
    if (!row.facts().isEmpty()) parts.add(row.facts().stream().sorted().map(Fact::toString).collect(Collectors.joining(", ")));
    return parts.isEmpty() ? "anything else" : String.join("; ", parts);
}
