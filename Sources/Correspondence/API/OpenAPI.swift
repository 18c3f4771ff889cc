import Foundation

/// The description of the API: `Resources/openapi.json`, read once.
package enum OpenAPI {
    static let text = "{}"
}
