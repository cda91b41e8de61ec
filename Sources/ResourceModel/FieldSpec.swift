package import JSON

/// One field: everything that must agree about it, in one place.
///
/// Decoder, differ, planner, provider, texts, schema and reference read the same row, so that a
/// field is added by adding a row.
package struct FieldSpec: Sendable {
  /// Whether a manifest must say it.
  package enum Presence: Sendable, Hashable { case required, optional }

  /// How a server lets a value change.
  package enum Mutability: Sendable, Hashable {
    /// By the update request (`wire.update`).
    case inPlace
    /// Not at all: the thing has to be made anew.
    case replace
    /// By a request of its own (named vectors, indexes, aliases, shard keys).
    case ownEndpoint
    /// It never reaches a server (`lifecycle`, what `Cluster` and `Workspace` say).
    case local
  }

  /// What a change costs.
  package enum Effect: Sendable, Hashable {
    case immediate
    /// Existing segments are indexed again in the background.
    case rebuildsIndex
    /// Data that is there already stays as it is until it is optimised or written again.
    case newDataOnly
    /// Only the number is kept; what it asks for is brought about by steps of its own.
    case recordedOnly
  }

  /// What "absent" on the server can be written as, when a value has to be taken back.
  package enum Unset: Sendable, Hashable {
    /// Sending this really removes it (metadata's `null`, quantization's `Disabled`, `auto`).
    case removes(JSONValue)
    /// It stays set, but this value means the same as absence.
    case equals(JSONValue)
    /// The value of another field of the same group means the same (`payload_m` follows `m`).
    case sameAs(FieldPattern)
    /// There is no way back.
    case impossible
    /// The server always reports a value, so there is no absence.
    case neverAbsent
  }

  /// How two values are held to be the same.
  package enum Comparison: Sendable, Hashable {
    /// By meaning: numbers as numbers, synonyms as what they mean.
    case meaning
    /// The server keeps 32-bit floats: a tolerance of 1e-6.
    case float32
    /// The order of the elements, and repetitions, do not count.
    case set
  }

  /// Where the field stands in what goes over the wire; nil where it cannot.
  package struct Wire: Sendable, Hashable {
    /// In `GET /collections/{name}`, below `result`.
    package var read: FieldPattern
    /// In the body of the create request.
    package var create: FieldPattern?
    /// In the body of the update request; its first key is the section.
    package var update: FieldPattern?

    package init(read: FieldPattern, create: FieldPattern?, update: FieldPattern?) {
      self.read = read
      self.create = create
      self.update = update
    }
  }

  /// As written in a manifest.
  package var path: FieldPattern
  package var type: ValueType
  package var presence: Presence
  /// The value that means the same as absence on the server; nil when absence has no equal.
  package var absentEquals: JSONValue?
  package var mutability: Mutability
  package var effect: Effect
  package var unset: Unset
  package var comparison: Comparison
  package var wire: Wire?
  /// The part that is written as a whole: a mention of any key of it manages all of it.
  package var block: FieldPattern?
  /// The first server that knows it, when not all supported ones (from 1.13) do.
  package var since: ServerVersion?
  /// The first server that does not know it any more.
  package var removedIn: ServerVersion?
  /// The first server that calls it deprecated, and what to use instead.
  package var deprecated: Deprecation?
  /// Values newer than the field: `turbo4` needs 1.19.
  package var valuesSince: [String: ServerVersion]
  /// The values of the kind's `type` that have this field (`tokenizer`: `text`); empty: all of
  /// them.
  package var appliesTo: [String]
  /// One sentence; becomes documentation, JSON Schema and `explain`.
  package var summary: String

  /// Since when a field is deprecated and what replaces it.
  package struct Deprecation: Sendable, Hashable {
    package var since: ServerVersion
    package var replacement: String

    package init(since: ServerVersion, replacement: String) {
      self.since = since
      self.replacement = replacement
    }
  }

  package init(
    _ path: FieldPattern, _ type: ValueType, presence: Presence = .optional,
    absentEquals: JSONValue? = nil, mutability: Mutability, effect: Effect = .immediate,
    unset: Unset = .neverAbsent, comparison: Comparison = .meaning, wire: Wire?,
    block: FieldPattern? = nil, since: ServerVersion? = nil, removedIn: ServerVersion? = nil,
    deprecated: Deprecation? = nil, valuesSince: [String: ServerVersion] = [:],
    appliesTo: [String] = [], summary: String
  ) {
    self.path = path
    self.type = type
    self.presence = presence
    self.absentEquals = absentEquals
    self.mutability = mutability
    self.effect = effect
    self.unset = unset
    self.comparison = comparison
    self.wire = wire
    self.block = block
    self.since = since
    self.removedIn = removedIn
    self.deprecated = deprecated
    self.valuesSince = valuesSince
    self.appliesTo = appliesTo
    self.summary = summary
  }
}

extension FieldSpec {
  /// Whether a desired and an observed value (nil: absent) are the same by meaning.
  ///
  /// A desired `null` asks for absence.
  package func isSame(_ desired: JSONValue?, _ observed: JSONValue?) -> Bool {
    let left = effective(desired)
    let right = effective(observed)
    guard let left, let right else { return left == nil && right == nil }
    if type == .object { return left.object != nil && right.object != nil }
    switch comparison {
    case .meaning: return left.isEquivalent(to: right)
    case .float32:
      guard let left = left.double, let right = right.double else { return left == right }
      return abs(left - right) <= 1e-6
    case .set:
      guard let left = left.array, let right = right.array else { return left == right }
      return Set(left) == Set(right)
    }
  }

  /// Absent and `null` as what they mean; synonyms by their meaning.
  private func effective(_ value: JSONValue?) -> JSONValue? {
    guard let value, !value.isNull else {
      return (absentEquals?.isNull ?? true) ? nil : absentEquals
    }
    return type.canonical(value)
  }
}

extension ValueType {
  /// The value with synonyms replaced by the word that they stand for, and an object whose keys
  /// have rows of their own reduced to its being there.
  package func canonical(_ value: JSONValue) -> JSONValue {
    switch (self, value) {
    case (.oneOf(_, let synonyms), .string(let word)): .string(synonyms[word] ?? word)
    case (.list(let element), .array(let values)): .array(values.map(element.canonical))
    case (.object, .object): [:]
    default: value
    }
  }
}
