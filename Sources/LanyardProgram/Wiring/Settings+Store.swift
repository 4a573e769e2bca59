// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardStoreSQLite

extension Settings {
    /// Opens the store that the settings name, or makes it, for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - use: What the store is opened for.
    ///   - notify: Reports what was done to the store, in one line.
    ///   - body: Works on the store.
    /// - Returns: What `body` returns.
    /// - Throws: A failure with status 69 if there is no store and none is made, or it does not
    ///   answer; 73 if it cannot be made; 77 if it may not be read; 78 if the master key does not
    ///   open it, or it is not for this use. Or what `body` throws.
    func withStore<Value>(
        for use: OpenedStore.Use,
        notify: @escaping (OpenedStore.Notice) -> Void = { writeNotice("lanyard: \($0.text)\n") },
        _ body: (OpenedStore) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let path = try storePath()
        if use.mayMake { try DataDirectory.create(at: folderOf(path)) }
        let store = SQLiteStore(path: path)
        defer { store.close() }
        let open = StoreOpening(settings: self, path: path, use: use, notify: notify)
        return try await body(open(store))
    }

    /// Finds out whether `serve` could use the store that the settings name; one that it would make
    /// is good.
    ///
    /// - Throws: A failure with status 78 if it could not, or with 77 for a file that this user may
    ///   not read.
    func checkStore() async throws(Failure) {
        let path = try storePath()
        var status = stat()
        // An empty file is no store (``StoreFile``).
        if unsafe stat(path, &status) == 0, status.st_size == 0 { return }
        if unsafe stat(path, &status) != 0, errno == ENOENT { return }
        do throws(Failure) {
            try await withStore(for: .checking) { _ in }
        } catch {
            throw error.status == .noPermission ? error : Failure(.settings, error.message)
        }
    }

    /// The file of the store.
    ///
    /// - Throws: A failure with status 78 for a store that this build does not have.
    private func storePath() throws(Failure) -> String {
        switch store.location {
        case .sqlite(let path): return path
        case .postgresql:
            throw Failure(
                .settings, "LANYARD_STORE_URL names a PostgreSQL store, which this build does not have; use sqlite:PATH"
            )
        }
    }
}
