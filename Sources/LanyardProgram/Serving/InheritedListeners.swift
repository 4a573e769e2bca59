// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardHTTP

/// The listeners that a service manager opened before it started the process: what `.socket` units describe.
///
/// Who connects while no process runs waits in them, so a restart loses nobody.
struct InheritedListeners: ~Copyable {
    /// Those of the public interface, in the order of the descriptors.
    let `public`: [Listener]
    /// Those of the management interface: the ones named `management`.
    let management: [Listener]

    /// Takes over what was passed, so that nobody takes it again and no other program inherits it.
    ///
    /// - Returns: The listeners; none if there is no such service manager.
    /// - Throws: A failure with status 78 for what is no listener.
    static func take() throws(Failure) -> InheritedListeners {
        let passed = try PassedDescriptors(environment: Environment.read(), processID: getpid())
        Environment.remove(PassedDescriptors.variables)
        var `public`: [Listener] = []
        var management: [Listener] = []
        for number in passed.numbers {
            let listener: Listener
            do {
                listener = try .inherited(takingOwnershipOf: number)
            } catch {
                throw Failure(error)
            }
            if passed.name(of: number) == "management" {
                management.append(listener)
            } else {
                `public`.append(listener)
            }
        }
        return InheritedListeners(public: `public`, management: management)
    }

    /// Where they are bound.
    var addresses: InheritedAddresses {
        var addresses = InheritedAddresses()
        addresses.public = `public`.map { ListenAddress($0.endpoint) }
        addresses.management = management.map { ListenAddress($0.endpoint) }
        return addresses
    }
}
