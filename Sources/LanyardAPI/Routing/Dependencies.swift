// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCore
package import LanyardWeb

/// What both interfaces of a process are made of.
package struct Dependencies: Sendable {
    /// The settings.
    package let configuration: APIConfiguration
    /// What the use cases work with.
    package let resources: Resources
    /// Which origins may read answers with credentials, as it is at each time.
    package let allowedOrigins: Replaceable<AllowedOrigins>
    /// Whether the process is about to end.
    package let readiness: Readiness
    /// The status lists as they are served.
    let statusDocuments: StatusDocuments
    /// Where events of requests are recorded.
    let log: RequestLog

    /// Creates dependencies.
    package init(configuration: APIConfiguration, resources: Resources, readiness: Readiness) {
        self.configuration = configuration
        self.resources = resources
        self.readiness = readiness
        allowedOrigins = Replaceable(configuration.allowedOrigins)
        statusDocuments = StatusDocuments(resources.statusLists)
        log = RequestLog(resources.events, trusting: configuration.trustedProxies)
    }
}
