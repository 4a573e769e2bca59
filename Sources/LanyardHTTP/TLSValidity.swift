// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// How an instant lies to the time in which a certificate is valid.
package enum TLSValidity: Equatable, Sendable {
    /// The certificate's time has not begun.
    case notYetValid
    /// It is valid for a good while.
    case valid
    /// It is valid, and should have been replaced by now.
    case endsSoon
    /// Its time is over.
    case expired
}

extension TLSServerContext {
    /// Returns how the certificate stands at `now`.
    ///
    /// Certificates are replaced with a third of their time left, by those who follow their issuers' advice; a quarter left, and
    /// fourteen days at most, says that nobody does.
    package func validity(at now: UnixTime) -> TLSValidity {
        if now < notBefore { return .notYetValid }
        if now >= notAfter { return .expired }
        let patience = min(.seconds(14 * 86_400), notAfter.since(notBefore) / 4)
        return notAfter.since(now) < patience ? .endsSoon : .valid
    }
}
