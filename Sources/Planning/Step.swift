package import JSON
package import ResourceModel

/// A step's number within its plan, from 1, in the order of execution.
package struct StepID: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var number: Int

  package init(_ number: Int) { self.number = number }
  package static func < (left: StepID, right: StepID) -> Bool { left.number < right.number }
  package var description: String { "s\(number)" }
}

/// How well a step can be undone.
package enum StepClass: String, Sendable, Hashable {
  /// The inverse restores the state.
  case exact
  /// Exact, but the server indexes again.
  case rebuild
  /// The prior value was "unset", which cannot be restored: the inverse sets an equal explicit
  /// value.
  case sticky
  /// It needs a verified copy.
  case copy
  /// It cannot be undone.
  case none
}

/// When in a plan a step may run; later phases start after earlier ones.
package enum StepPhase: Int, Sendable, Hashable, Comparable {
  /// Making and changing things.
  case expand
  /// Pointing aliases.
  case `switch`
  /// Removing what can be made again.
  case contract
  /// Writing ownership marks.
  case mark
  /// What cannot be undone: after the point of no return.
  case irreversible

  package static func < (left: StepPhase, right: StepPhase) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Why a step is there: one field, with the place that asks for it.
package struct Reason: Sendable, Hashable {
  package var subject: ResourceAddress
  package var path: FieldPath
  package var from: JSONValue?
  package var to: JSONValue?
  package var cause: ChangeCause
  package var effect: FieldSpec.Effect
  /// In the origin, not in the essence.
  package var position: SourcePosition?

  package init(
    subject: ResourceAddress, path: FieldPath, from: JSONValue?, to: JSONValue?,
    cause: ChangeCause, effect: FieldSpec.Effect, position: SourcePosition?
  ) {
    self.subject = subject
    self.path = path
    self.from = from
    self.to = to
    self.cause = cause
    self.effect = effect
    self.position = position
  }
}

/// A place in a manifest as a plan keeps it: readable without the files.
package struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
  /// Who said something about a value, and where.
  package struct Source: Sendable, Hashable {
    /// `class base`, `own`, as `Provenance.Link` has it.
    package var name: String
    package var file: String
    package var line: Int
    package var column: Int

    package init(name: String, file: String, line: Int, column: Int) {
      self.name = name
      self.file = file
      self.line = line
      self.column = column
    }

    /// The place alone.
    package var position: SourcePosition { SourcePosition(file: file, line: line, column: column) }
  }

  package var file: String
  package var line: Int
  package var column: Int
  /// From the one that counts least to the one that counts; empty when it is the place itself.
  package var chain: [Source] = []

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The chain, also where it is only the place itself.
  package var sources: [Source] {
    chain.isEmpty
      ? [Source(name: Provenance.own, file: file, line: line, column: column)] : chain
  }

  package var description: String { "\(file):\(line):\(column)" }
}

/// One operation with its inverse and everything that a reviewer and an apply need to know of it.
package struct Step: Sendable, Hashable {
  package var id: StepID
  package var operation: Operation
  package var reasons: [Reason]
  /// What is sent, as the provider encodes it.
  package var request: RequestPreview?
  /// What it was planned against.
  package var before: [Fact]
  /// What it brings about.
  package var after: [Fact]
  /// Nil when it cannot be undone.
  package var inverse: Operation?
  package var stepClass: StepClass
  package var phase: StepPhase
  /// What cannot be undone, or what it costs, in a sentence.
  package var note: String?
  /// What must hold before anything follows.
  package var gates: [Gate] = []
  /// Steps that must be done before.
  package var needs: [StepID]
  /// The place of the resource in the manifests.
  package var position: SourcePosition?

  package var address: ResourceAddress { operation.address }

  package init(
    operation: Operation, reasons: [Reason] = [], before: [Fact], after: [Fact],
    inverse: Operation?, stepClass: StepClass, phase: StepPhase
  ) {
    id = StepID(0)
    self.operation = operation
    self.reasons = reasons
    self.before = before
    self.after = after
    self.inverse = inverse
    self.stepClass = stepClass
    self.phase = phase
    needs = []
  }
}

/// A change that stands in the plan with the reason why it will not be done.
package struct Refusal: Sendable, Hashable {
  /// A stable code: `R101`.
  package var code: String
  package var subject: ResourceAddress
  package var path: FieldPath
  package var from: JSONValue?
  package var to: JSONValue?
  /// One sentence: why.
  package var message: String
  /// What to do about it.
  package var hint: String?
  /// Whether it stands for a replacement (`-/+`).
  package var isReplacement = false
  package var position: SourcePosition?
  /// Where a policy demands what it violates.
  package var demandedAt: SourcePosition?

  package init(
    _ code: String, _ subject: ResourceAddress, path: FieldPath = FieldPath([]),
    _ message: String, hint: String? = nil, position: SourcePosition?
  ) {
    self.code = code
    self.subject = subject
    self.path = path
    self.message = message
    self.hint = hint
    self.position = position
  }
}

/// Something that a reviewer should know and that stops nothing.
package struct PlanWarning: Sendable, Hashable {
  package var code: String
  package var subject: ResourceAddress
  package var message: String
  package var position: SourcePosition?
  /// Where a policy demands what it violates.
  package var demandedAt: SourcePosition?

  package init(
    _ code: String, _ subject: ResourceAddress, _ message: String, position: SourcePosition?
  ) {
    self.code = code
    self.subject = subject
    self.message = message
    self.position = position
  }
}
