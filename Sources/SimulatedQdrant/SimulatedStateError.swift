/// A document that is no exported state.
package struct SimulatedStateError: Error, Sendable, Equatable {
  /// Member names, joined by dots, down to the value that is missing or malformed.
  package var path: String

  package init(path: String) { self.path = path }
}
