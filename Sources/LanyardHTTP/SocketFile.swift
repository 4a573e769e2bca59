// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The file of a listening socket in the file system.
struct SocketFile: Sendable {
    /// The owner and its group may connect.
    static let mode: mode_t = 0o660

    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Takes charge of the file that was just bound.
    init(boundAt path: String) throws(ServerError) {
        var status = stat()
        guard unsafe chmod(path, Self.mode) == 0, unsafe lstat(path, &status) == 0 else {
            throw .cannotListen(.unix(path: path), errno: errno)
        }
        self.path = path
        device = status.st_dev
        inode = status.st_ino
    }

    /// Removes the file, unless another server has put its own there since.
    func remove() {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
        unsafe unlink(path)
    }

    /// Removes a socket file that nobody listens on any more.
    ///
    /// - Throws: ``ServerError/addressInUse(_:)`` if somebody does; ``ServerError/cannotListen(_:errno:)`` if the file
    ///   is something else, which stays as it is.
    static func removeStale(at path: String) throws(ServerError) {
        let endpoint = BoundAddress.unix(path: path)
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .cannotListen(endpoint, errno: EEXIST) }
        guard let probe = Socket(family: AF_UNIX) else { throw .cannotListen(endpoint, errno: errno) }
        let result = unsafe endpoint.withSocketAddress { unsafe connect(probe.descriptor.number, $0, $1) }
        // EAGAIN is a listener whose backlog is full. Only a refusal says that nobody is there.
        guard result != 0, errno == ECONNREFUSED else { throw .addressInUse(endpoint) }
        guard unsafe unlink(path) == 0 else { throw .cannotListen(endpoint, errno: errno) }
    }
}
