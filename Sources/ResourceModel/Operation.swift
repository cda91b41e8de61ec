package import JSON

/// One value that an operation writes.
package struct FieldAssignment: Sendable, Hashable {
  package var path: FieldPath
  /// `null` removes, where the row allows that.
  package var value: JSONValue

  package init(_ path: FieldPath, _ value: JSONValue) {
    self.path = path
    self.value = value
  }
}

/// What a provider is asked to perform: exactly one request.
package struct Operation: Sendable, Hashable {
  /// What happens to the resource.
  package enum Action: String, Sendable, Hashable {
    case create
    /// A collection: one section of it. An index: it is put over the old one. An alias: it is
    /// switched, or renamed when `renamed_from` is among the fields.
    case update
    case delete
  }

  package var action: Action
  package var address: ResourceAddress
  /// Sorted by path; of an update of a collection all in one section.
  package var fields: [FieldAssignment]
  /// The ownership mark to write with it; the run is filled in by the provider.
  package var mark: OwnershipMark?
  /// Whether the mark is to be removed (the inverse of an adoption).
  package var removesMark: Bool

  package init(
    _ action: Action, _ address: ResourceAddress, fields: [FieldAssignment] = [],
    mark: OwnershipMark? = nil, removesMark: Bool = false
  ) {
    self.action = action
    self.address = address
    self.fields = fields
    self.mark = mark
    self.removesMark = removesMark
  }
}

/// A request as a plan shows it.
package struct RequestPreview: Sendable, Hashable {
  package var method: String
  /// Percent-encoded path with its query.
  package var target: String
  package var body: JSONValue?

  package init(method: String, target: String, body: JSONValue?) {
    self.method = method
    self.target = target
    self.body = body
  }
}
