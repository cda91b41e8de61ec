package import JSON
package import ResourceModel

/// One thing that must be true of the server: what a step was planned against, or what it brings
/// about.
package struct Fact: Sendable, Hashable {
  /// What is expected of the subject.
  package enum Expectation: Sendable, Hashable {
    /// The resource, or the value at the path, is not there.
    case absent
    /// The resource, or anything at the path, is there.
    case present
    /// The value at the path means the same as this.
    case value(JSONValue)
    /// The collection holds at most so many points, counted exactly.
    case pointsAtMost(Int)
  }

  package var subject: ResourceAddress
  /// Empty for the resource itself.
  package var path: FieldPath
  package var expectation: Expectation

  package init(
    _ subject: ResourceAddress, _ path: FieldPath, _ expectation: Expectation
  ) {
    self.subject = subject
    self.path = path
    self.expectation = expectation
  }

  /// That a resource is not there.
  package static func absent(_ subject: ResourceAddress) -> Fact {
    Fact(subject, FieldPath([]), .absent)
  }

  /// That a resource is there.
  package static func present(_ subject: ResourceAddress) -> Fact {
    Fact(subject, FieldPath([]), .present)
  }

  /// A value that may be absent.
  package static func value(
    _ subject: ResourceAddress, _ path: FieldPath, _ value: JSONValue?
  ) -> Fact {
    Fact(subject, path, value.map { .value($0) } ?? .absent)
  }
}

/// What was read of the server just now, as far as the facts of one step need it.
package struct Observation: Sendable {
  /// Nil when the collection does not exist.
  package var collection: ObservedCollection?
  /// What every alias points to; empty when no alias is in question.
  package var aliases: [ExactString: ExactString]
  /// The exact number of points, when a fact asks for it.
  package var points: Int?

  package init(
    collection: ObservedCollection? = nil, aliases: [ExactString: ExactString] = [:],
    points: Int? = nil
  ) {
    self.collection = collection
    self.aliases = aliases
    self.points = points
  }
}

/// A fact that does not hold, with what is there instead.
package struct BrokenFact: Sendable, Hashable {
  package var fact: Fact
  /// The value there now; nil for absence.
  package var now: JSONValue?

  package init(fact: Fact, now: JSONValue?) {
    self.fact = fact
    self.now = now
  }
}

extension Sequence<Fact> {
  /// Those that do not hold, each once: what is gone is told once, whatever was known of it.
  package func broken(_ observation: Observation, schema: ResourceSchema) -> [BrokenFact] {
    var seen: Set<BrokenFact> = []
    return compactMap { $0.check(observation, schema: schema) }
      .filter { seen.insert($0).inserted }
  }
}

extension Observation {
  /// Whether a resource is there.
  package func has(_ address: ResourceAddress) -> Bool {
    Fact(address, FieldPath([]), .present).liveValue(in: self) != nil
  }
}

extension Fact {
  /// Nil when the fact holds; otherwise what is there instead.
  package func check(_ observation: Observation, schema: ResourceSchema) -> BrokenFact? {
    if case .pointsAtMost(let limit) = expectation {
      guard let points = observation.points, points > limit else { return nil }
      return BrokenFact(fact: self, now: .integer(points))
    }
    if let missing = missingGround(observation) { return BrokenFact(fact: missing, now: nil) }
    // "Cannot tell" is not "absent".
    if subject.kind == .replica, let collection = observation.collection,
      collection.placement == nil
    {
      return BrokenFact(fact: self, now: nil)
    }
    let live = liveValue(in: observation)
    let holds =
      switch expectation {
      case .absent: isSame(nil, live, schema)
      case .present: live != nil
      case .value(let value): isSame(value, live, schema)
      case .pointsAtMost: true
      }
    return holds ? nil : BrokenFact(fact: self, now: live)
  }

  /// What must be there for a value of a collection to mean anything: the collection, and the
  /// vector that it belongs to. What is gone does not have its values unset.
  private func missingGround(_ observation: Observation) -> Fact? {
    guard subject.kind == .collection, let container = path.segments.first else { return nil }
    guard let collection = observation.collection else { return .present(subject) }
    let isElement = container == .init("vectors") || container == .init("sparse_vectors")
    guard isElement, path.segments.count > 2 else { return nil }
    let element = FieldPath(Array(path.segments.prefix(2)))
    guard collection.fields.value(at: element).nonNull == nil else { return nil }
    return Fact(subject, element, .present)
  }

  private func isSame(_ expected: JSONValue?, _ live: JSONValue?, _ schema: ResourceSchema) -> Bool
  {
    guard !path.segments.isEmpty, let row = schema.row(subject.kind, path) else {
      return expected == live
    }
    return row.isSame(expected, live)
  }

  /// The subject's value at the path; for the resource itself its whole form.
  fileprivate func liveValue(in observation: Observation) -> JSONValue? {
    let whole: JSONObject? =
      switch subject.kind {
      case .collection: observation.collection?.fields
      case .index: observation.collection?.indexes[subject.name]
      case .shardKey: observation.collection?.shardKeys?[subject.name]
      case .replica:
        ReplicaName(subject.name).flatMap { observation.collection?.placement?.replica($0) }
          .map { ["state": .string($0.state)] }
      case .vector: element("vectors", observation)
      case .sparseVector: element("sparse_vectors", observation)
      case .alias:
        observation.aliases[subject.name].map { ["collection": .string($0.string)] }
      case .cluster: nil
      }
    guard let whole else { return nil }
    return path.segments.isEmpty ? .object(whole) : whole.value(at: path).nonNull
  }

  private func element(_ container: String, _ observation: Observation) -> JSONObject? {
    observation.collection?.fields[container]?[subject.name.string]?.object
  }
}
