package io.syncjobs.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What the product's log tells of its own mistakes: errors with an exception. All else is not written. */
final class Mistakes {
    static final List<String> SEEN = new ArrayList<>();

    private static final Logger ROOT = (Logger) LoggerFactory.getLogger("io.syncjobs");

    private static final AppenderBase<ILoggingEvent> APPENDER = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            var error = event.getThrowableProxy();
            if (error != null)
                SEEN.add(event.getFormattedMessage() + ": " + error.getClassName() + " " + error.getMessage() + " at "
                        + error.getStackTraceElementProxyArray()[0]);
        }
    };

    private Mistakes() {}

    static void listen() {
        ROOT.setLevel(Level.ERROR);
        ROOT.setAdditive(false);
        APPENDER.setContext(ROOT.getLoggerContext());
        APPENDER.start();
        ROOT.addAppender(APPENDER);
    }

    static void listenNoMore() {
        ROOT.detachAppender(APPENDER);
        ROOT.setAdditive(true);
        ROOT.setLevel(null);
        SEEN.clear();
    }
}
