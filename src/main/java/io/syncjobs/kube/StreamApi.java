package io.syncjobs.kube;

import java.io.InputStream;

/** An {@link Api} that can also watch. */
public interface StreamApi extends Api {
    /** An answer that goes on until somebody ends it, as it comes. */
    InputStream stream(String path);
}
