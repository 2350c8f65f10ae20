package dev.parley.store;

import dev.parley.testing.SimulatedFiles;
import java.io.IOException;
import java.nio.file.Path;

final class SimulatedDiskTest extends DiskContract {

    private final Disk disk = SimulatedFiles.timeless().disk();

    @Override
    Disk disk() {
        return disk;
    }

    @Override
    Path root() throws IOException {
        Path root = Path.of("/store");
        disk.makeDirectory(root);
        return root;
    }
}
