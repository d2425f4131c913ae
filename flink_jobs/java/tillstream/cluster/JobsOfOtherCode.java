package tillstream.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.CreateMode;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.KeeperException;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZKUtil;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooDefs;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeper;

/**
 * Deletes the job graphs that other code has submitted. Run before the JobManager starts, with ZooKeeper's address, the cluster's path in it, and the
 * digest of this code.
 *
 * <p>A graph contains objects of the code's classes. A JobManager that cannot read one ends and starts again for ever, so after an upgrade that changes a
 * class it would never come up. The jobs' checkpoints are kept; flink_jobs.common.submit starts each job from its newest one.
 */
public final class JobsOfOtherCode {
    private static final int SESSION_MILLIS = 15_000;
    private static final int WAIT_SECONDS = 60;

    private JobsOfOtherCode() { }

    public static void main(String[] args) throws Exception {
        String graphs = args[1] + "/execution-plans"; // high-availability.zookeeper.path.execution-plans
        String mark = args[1] + "/code";
        byte[] digest = args[2].getBytes(StandardCharsets.UTF_8);
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper keeper = new ZooKeeper(args[0], SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) { connected.countDown(); }
        });
        try {
            if (!connected.await(WAIT_SECONDS, TimeUnit.SECONDS)) { throw new IllegalStateException("ZooKeeper at " + args[0] + " has not answered for " + WAIT_SECONDS + " s"); }
            if (Arrays.equals(digest, read(keeper, mark))) { return; }
            if (keeper.exists(graphs, false) != null) {
                System.out.println("the code has changed: jobs start from their newest checkpoints, not from the old code's job graphs "
                        + keeper.getChildren(graphs, false));
                ZKUtil.deleteRecursive(keeper, graphs);
            }
            write(keeper, mark, digest);
        } finally {
            keeper.close();
        }
    }

    private static byte[] read(ZooKeeper keeper, String path) throws KeeperException, InterruptedException {
        return keeper.exists(path, false) == null ? null : keeper.getData(path, false, null);
    }

    private static void write(ZooKeeper keeper, String path, byte[] data) throws KeeperException, InterruptedException {
        for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) { create(keeper, path.substring(0, end), new byte[0]); }
        create(keeper, path, data);
        keeper.setData(path, data, -1);
    }

    private static void create(ZooKeeper keeper, String path, byte[] data) throws KeeperException, InterruptedException {
        try {
            keeper.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            return;
        }
    }
}
