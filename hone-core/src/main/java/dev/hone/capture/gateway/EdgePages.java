package dev.hone.capture.gateway;

import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.store.Database;
import org.eclipse.jetty.server.Handler;

/** What people see at the gateway's port: everything that is not for programs. It answers before the database does, and says so. */
public abstract class EdgePages extends Handler.Abstract {
    /** From here on the database answers. */
    public abstract void open(Database database);

    /** What people say of calls is taken here. */
    public void take(FeedbackDesk desk) {}
}
