package io.syncjobs.kube;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Where the API server is, and what a connection to it needs. */
interface Access {
    /** Its address with scheme and port, without a path. */
    String server();

    /** The bearer token as it is now; empty if the connection needs none. */
    Optional<String> token();

    /** The API server did not accept the token: the next {@link #token} is another one, if there is one. */
    void forgetToken();

    /** Trusts the certificate authority of the cluster, as it is now; empty if the connection is not encrypted. */
    Optional<SSLContext> trust();
}
