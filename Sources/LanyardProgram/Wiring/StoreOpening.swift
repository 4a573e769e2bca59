// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore
internal import LanyardStoreSQLite

/// How the store at a path is opened with the master key of the settings, or made.
///
/// Two processes that make it at once agree: of two master keys the one that is first on the disk
/// is both's, it is there before anything is sealed with it, and founding is one step of the store.
/// A store that is there is opened as it is, and a master key is never made for it.
struct StoreOpening {
    let settings: Settings
    let path: String
    let use: OpenedStore.Use
    let notify: (OpenedStore.Notice) -> Void

    /// Opens `store`, or founds it if it is empty and the use allows that.
    func callAsFunction(_ store: SQLiteStore) async throws(Failure) -> OpenedStore {
        guard let foundation = try await step(await store.foundation()) else { return try await found(store) }
        if use == .serving || use == .checking { try checkUse(of: foundation) }
        guard let key = try readMasterKey() else {
            throw Failure(
                .settings,
                "the store \(place) is there but not its master key \(absolute(settings.masterKeyPath)); "
                    + "restore the key from a backup, or name it with LANYARD_KEYS_MASTER_FILE")
        }
        let masterKey = MasterKey(key, before: settings.keys.masterBefore)
        let opened = try opened(store, foundation, masterKey)
        guard use == .serving else { return opened }
        return try self.opened(store, try await reseal(foundation, in: store, with: masterKey), masterKey)
    }

    /// Makes the store, and the master key if there is none.
    private func found(_ store: SQLiteStore) async throws(Failure) -> OpenedStore {
        guard use.mayMake else {
            throw Failure(
                .unavailable,
                "there is no store at \(place); 'lanyard serve', 'lanyard account add' and 'lanyard client add' make one"
            )
        }
        let key = if let key = try readMasterKey() { key } else { try makeMasterKey() }
        let masterKey = MasterKey(key, before: settings.keys.masterBefore)
        let maker = KeyMaker(masterKey: masterKey, policy: settings.keys.policy)
        let isDevelopment = settings.isDevelopment
        let founding = { @Sendable () throws -> Founding in
            try maker.founding(isDevelopment: isDevelopment, at: SystemClock.now())
        }
        let foundation = try await step(await store.open(founding: founding))
        let opened = try opened(store, foundation, masterKey)
        if foundation.isNew { notify(OpenedStore.Notice(event: "store_made", text: "made the store \(place)")) }
        return opened
    }

    /// Seals anew what the master key before has sealed.
    private func reseal(
        _ foundation: Foundation, in store: SQLiteStore, with masterKey: MasterKey
    ) async throws(Failure) -> Foundation {
        let reseal = ResealKeys(store: store, masterKey: masterKey)
        do throws(ResealKeys.Failure) {
            return try await reseal(foundation) {
                notify(
                    OpenedStore.Notice(
                        event: "store_resealed", text: "sealed the keys of \(place) with the new master key"))
            }
        } catch {
            switch error {
            case .store(let reason): throw Failure(reason, at: place)
            case .keyring(let reason): throw Failure(keyring: reason, at: place)
            }
        }
    }

    private func opened(
        _ store: SQLiteStore, _ foundation: Foundation, _ masterKey: MasterKey
    ) throws(Failure) -> OpenedStore {
        do throws(KeyringError) {
            let keyring = try Keyring(opening: foundation, with: masterKey)
            return OpenedStore(
                settings: settings, store: store, foundation: foundation, keyring: keyring, masterKey: masterKey)
        } catch {
            throw Failure(keyring: error, at: place)
        }
    }

    /// Refuses a store with a well-known account where that would be dangerous, and to put one into
    /// any other store.
    private func checkUse(of foundation: Foundation) throws(Failure) {
        if foundation.isDevelopment, !settings.isDevelopment {
            throw Failure(
                .settings,
                "the store \(place) was made by 'lanyard serve --dev', with a well-known account; use another")
        }
        if settings.isDevelopment, !foundation.isDevelopment {
            throw Failure(
                .settings, "the store \(place) was not made by 'lanyard serve --dev', which would add its own account")
        }
    }

    /// The master key that settings or its file give; `nil` if there is none yet.
    private func readMasterKey() throws(Failure) -> Secret<[UInt8]>? {
        if let master = settings.keys.master { return master }
        return try MasterKeyFile.load(from: settings.masterKeyPath)
    }

    private func makeMasterKey() throws(Failure) -> Secret<[UInt8]> {
        try DataDirectory.create(at: settings.dataDirectory)
        return try MasterKeyFile.create(at: settings.masterKeyPath)
    }

    private func step<Value>(
        _ make: @autoclosure () async throws(StoreError) -> Value
    ) async throws(Failure) -> Value {
        try await rethrowing(as: { Failure($0, at: place) }, await make())
    }

    private var place: String { absolute(path) }
}

extension OpenedStore.Use {
    /// Whether a store that is not there is made.
    var mayMake: Bool { self == .serving || self == .adding }
}
