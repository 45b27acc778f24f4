package io.syncjobs.core.trace;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How one runtime prints the error that ends a program. */
interface Format {
    /** The last error of this format in a log. */
    Optional<Found> find(List<String> lines);

    /** An error; {@code last} is the index of a line of it, the nearest to the end. */
    record Found(int last, String type, String message) {
        /** The same error with the one behind it in brackets. */
        Found causedBy(String causeType, String causeMessage) {
            var cause = causeMessage.isEmpty() ? causeType : causeType + ": " + causeMessage;
            var lead = message.isEmpty() ? "" : message + " ";
            return new Found(last, type, lead + "(caused by " + cause + ")");
        }
    }

    /** {@code some.package.Type: message}, the message optional. */
    Pattern TYPE_AND_MESSAGE = Pattern.compile("^([A-Za-z_$][\\w$]*(?:[.\\\\:]{1,2}[A-Za-z_$][\\w$]*)*)(?:: (.*))?$");
}
