// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// Where the listeners are bound that a process was started with.
package struct InheritedAddresses: Equatable, Sendable {
    /// Those of the public interface.
    package var `public`: [ListenAddress] = []
    /// Those of the management interface.
    package var management: [ListenAddress] = []

    /// Creates the addresses of a process without such listeners.
    package init() {}
}
