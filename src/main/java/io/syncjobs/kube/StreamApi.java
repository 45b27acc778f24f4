package io.syncjobs.kube;

import java.io.InputStream;

/** An {@link Api} that can also watch. */
public interface StreamApi extends Api {
    /** An answer as it arrives, which goes on until one side ends it. */
    InputStream stream(String path);
}
