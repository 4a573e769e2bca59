// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardStore
internal import LanyardStoreSQLite

/// The store that the settings name, with its keys opened.
struct OpenedStore {
    /// What a store is opened for.
    enum Use {
        /// By `serve`: made if it is not there, and refused if it is for development and the process is not.
        case serving
        /// By a command that adds something: made if it is not there.
        case adding
        /// By every other command.
        case looking
        /// By a command that only asks whether `serve` could use it.
        case checking
    }

    let store: SQLiteStore
    let foundation: Foundation
    let keyring: Keyring
    let masterKey: MasterKey

    /// Opens the store, or makes it.
    ///
    /// Two processes that make it at once agree: of two master keys the one that is first on the disk is both's, it is
    /// there before anything is sealed with it, and founding is one step of the store. A store that is there is opened
    /// as it is, and a master key is never made for it.
    ///
    /// - Parameters:
    ///   - settings: Where the store and the master key are.
    ///   - use: What the store is opened for.
    ///   - notify: Reports what was done to the store, in one line.
    /// - Throws: A failure with status 69 if there is no store and none is made, or it does not answer; 73 if it cannot
    ///   be made; 77 if it may not be read; 78 if the master key does not open it, or it is not for this use.
    init(
        _ settings: Settings, for use: Use, notify: (Notice) -> Void = { writeNotice("lanyard: \($0.text)\n") }
    ) async throws(Failure) {
        let path = try settings.storePath()
        guard use == .serving || use == .adding else {
            self = try await Self.open(path, settings, for: use, notify, make: nil)
            return
        }
        try DataDirectory.create(at: folderOf(path))
        self = try await Self.open(path, settings, for: use, notify) { () throws(Failure) -> Secret<[UInt8]> in
            try DataDirectory.create(at: settings.dataDirectory)
            return try MasterKeyFile.create(at: settings.masterKeyPath)
        }
        if foundation.isNew { notify(Notice(event: "store_made", text: "made the store \(absolute(path))")) }
    }

    /// Finds out whether `serve` could use the store that the settings name; one that it would make is good.
    ///
    /// - Throws: A failure with status 78 if it could not, or with 77 for a file that this user may not read.
    static func check(_ settings: Settings) async throws(Failure) {
        let path = try settings.storePath()
        var status = stat()
        // An empty file is no store (``StoreFile``).
        if unsafe stat(path, &status) == 0, status.st_size == 0 { return }
        if unsafe stat(path, &status) != 0, errno == ENOENT { return }
        do throws(Failure) {
            try await Self(settings, for: .checking).store.close()
        } catch {
            throw error.status == .noPermission ? error : Failure(.settings, error.message)
        }
    }

    private init(
        _ store: SQLiteStore, _ foundation: Foundation, _ masterKey: MasterKey, at path: String
    ) throws(Failure) {
        self.store = store
        self.foundation = foundation
        self.masterKey = masterKey
        do {
            keyring = try Keyring(opening: foundation, with: masterKey)
        } catch {
            throw Failure(error, at: absolute(path))
        }
    }

    /// Something that was done to the store while it was opened.
    struct Notice {
        /// The event in the log.
        let event: String
        /// The line for people.
        let text: String
    }

    private static func open(
        _ path: String, _ settings: Settings, for use: Use, _ notify: (Notice) -> Void,
        make: (() throws(Failure) -> Secret<[UInt8]>)?
    ) async throws(Failure) -> Self {
        let store = SQLiteStore(path: path)
        do throws(Failure) {
            return try await open(store, path, settings, for: use, notify, make: make)
        } catch {
            store.close()
            throw error
        }
    }

    private static func open(
        _ store: SQLiteStore, _ path: String, _ settings: Settings, for use: Use, _ notify: (Notice) -> Void,
        make: (() throws(Failure) -> Secret<[UInt8]>)?
    ) async throws(Failure) -> Self {
        if let foundation = try await answer(path, await store.foundation()) {
            if use == .serving || use == .checking { try settings.checkUse(of: foundation, at: absolute(path)) }
            guard let key = try settings.masterKey() else {
                throw Failure(
                    .settings,
                    "the store \(absolute(path)) is there but not its master key \(absolute(settings.masterKeyPath)); "
                        + "restore the key from a backup, or name it with LANYARD_KEYS_MASTER_FILE")
            }
            let masterKey = MasterKey(key, before: settings.keys.masterBefore)
            let opened = try Self(store, foundation, masterKey, at: path)
            return use == .serving ? try await opened.resealed(at: path, notify) : opened
        }
        guard let make else {
            throw Failure(
                .unavailable,
                "there is no store at \(absolute(path)); 'lanyard serve', 'lanyard account add' and 'lanyard client add' make one"
            )
        }
        let secret: Secret<[UInt8]>
        if let key = try settings.masterKey() {
            secret = key
        } else {
            secret = try make()
        }
        let masterKey = MasterKey(secret, before: settings.keys.masterBefore)
        let maker = KeyMaker(masterKey: masterKey, policy: settings.keyPolicy)
        let founding = { @Sendable () throws -> Founding in
            try maker.founding(isDevelopment: settings.isDevelopment, at: SystemClock.now())
        }
        let foundation = try await answer(path, await store.open(founding: founding))
        return try Self(store, foundation, masterKey, at: path)
    }

    /// Seals with the newest master key what the one before it has sealed.
    ///
    /// All rows in one step: of several processes that start at once, one does it.
    private func resealed(at path: String, _ notify: (Notice) -> Void) async throws(Failure) -> Self {
        var opened = self
        while true {
            let change: KeyChange?
            do {
                change = try Keyring.resealing(opened.foundation, with: masterKey)
            } catch {
                throw Failure(error, at: absolute(path))
            }
            guard let change else { return opened }
            let version = opened.foundation.keyVersion
            let isMade = try await Self.answer(path, await store.changeKeys(change, at: version))
            if isMade {
                notify(
                    Notice(
                        event: "store_resealed",
                        text: "sealed the keys of \(absolute(path)) with the new master key"))
            }
            guard let foundation = try await Self.answer(path, await store.foundation()) else { return opened }
            opened = try Self(store, foundation, masterKey, at: path)
        }
    }

    private static func answer<Value>(
        _ path: String, _ make: @autoclosure () async throws(StoreError) -> Value
    ) async throws(Failure) -> Value {
        do throws(StoreError) {
            return try await make()
        } catch {
            throw Failure(error, at: absolute(path))
        }
    }
}

extension Settings {
    /// Refuses a store with a well-known account where that would be dangerous, and to put one into any other store.
    fileprivate func checkUse(of foundation: Foundation, at place: String) throws(Failure) {
        if foundation.isDevelopment, !isDevelopment {
            throw Failure(
                .settings,
                "the store \(place) was made by 'lanyard serve --dev', with a well-known account; use another")
        }
        if isDevelopment, !foundation.isDevelopment {
            throw Failure(
                .settings, "the store \(place) was not made by 'lanyard serve --dev', which would add its own account")
        }
    }

    /// The master key that settings or its file give; `nil` if there is none yet.
    fileprivate func masterKey() throws(Failure) -> Secret<[UInt8]>? {
        if let master = keys.master { return master }
        return try MasterKeyFile.load(from: masterKeyPath)
    }

    /// The file of the store.
    ///
    /// - Throws: A failure with status 78 for a store that this build does not have.
    func storePath() throws(Failure) -> String {
        switch store.location {
        case .sqlite(let path): return path
        case .postgresql:
            throw Failure(
                .settings, "LANYARD_STORE_URL names a PostgreSQL store, which this build does not have; use sqlite:PATH"
            )
        }
    }
}

extension Failure {
    /// Says why the seals of the store at `place` give no working keys.
    fileprivate init(_ error: KeyringError, at place: String) {
        switch error {
        case .wrongMasterKey:
            self.init(
                .settings,
                "the master key does not open the store \(place): another key sealed it; nothing was changed, give the "
                    + "right one in LANYARD_KEYS_MASTER, or beside a new one in LANYARD_KEYS_MASTER_OLD")
        case .damagedSeal(let row), .damagedKey(let row):
            self.init(.settings, "the store \(place) is damaged at \(row); restore it from a backup")
        case .incomplete:
            self.init(
                .settings, "the store \(place) lacks a key that signs or a secret; restore it from a backup")
        }
    }
}
