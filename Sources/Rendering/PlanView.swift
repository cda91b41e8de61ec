package import JSON
package import Planning
package import ResourceModel

/// A plan as readers see it: one walk over the plan, which every form of output draws.
package struct PlanView: Sendable {
  /// What happens to a resource; the symbol carries the meaning.
  package enum Symbol: String, Sendable {
    case add = "+"
    case change = "~"
    case remove = "-"
    case replace = "-/+"
    case refuse = "!"
  }

  /// One field of a resource.
  package struct Line: Sendable {
    package var symbol: Symbol
    package var path: String
    package var from: JSONValue?
    package var to: JSONValue?
    /// What it costs, why it differs, or why it is refused.
    package var remark: String?
    package var hint: String?
    package var position: SourcePosition?
    /// Where a policy demands what it violates.
    package var demandedAt: SourcePosition? = nil
  }

  /// One resource with its fields.
  package struct Entry: Sendable {
    package var symbol: Symbol
    package var address: ResourceAddress
    package var position: SourcePosition?
    package var lines: [Line]
    package var notes: [String]
    package var isIrreversible: Bool
    package var steps: [StepID]
  }

  package let plan: Plan
  /// Whether the plan is about a selection; nil when nobody knows any more.
  package let isSelection: Bool?
  /// The plan's id, 64 hexadecimal digits.
  package let id: String
  /// In the order of execution; what is refused stands with its resource.
  package private(set) var entries: [Entry] = []
  private var places: [Place: Int] = [:]

  private struct Place: Hashable {
    var address: ResourceAddress
    var isIrreversible: Bool
  }

  package init(_ plan: Plan, isSelection: Bool? = nil) {
    self.plan = plan
    self.isSelection = isSelection
    id = PlanFile.id(of: plan)
    for step in plan.steps { add(step) }
    for refusal in plan.refusals { add(refusal) }
  }

  /// Whether everything was read and is as it should be. Where nothing was read, nothing is known.
  package var isInSync: Bool {
    plan.isEmpty && plan.unchecked.isEmpty && !plan.clusters.isEmpty
  }

  /// Why there is nothing to do, in one sentence without its full stop.
  var emptiness: String {
    if isInSync { return "In sync: nothing to do" }
    if !plan.unchecked.isEmpty { return "Nothing to do where it could be checked" }
    return switch isSelection {
    case true?: "Nothing is selected: no server was asked"
    case false?: "Nothing is declared: no server was asked"
    case nil: "Nothing is declared or selected: no server was asked"
    }
  }

  /// The first eight digits of the id.
  package var shortID: String { String(id.prefix(8)) }

  private mutating func add(_ step: Step) {
    let isIrreversible = step.phase == .irreversible
    let symbol = symbol(of: step)
    let index = place(of: step.resource, isIrreversible) {
      Entry(
        symbol: symbol, address: step.resource, position: step.position, lines: [],
        notes: [], isIrreversible: isIrreversible, steps: [])
    }
    entries[index].steps.append(step.id)
    entries[index].lines += step.reasons.map { line($0, of: step) }
    if step.address.kind != step.resource.kind, step.reasons.isEmpty {
      let action = self.symbol(ofAction: step.operation.action)
      entries[index].lines.append(
        Line(
          symbol: action, path: step.address.local, remark: step.note, position: step.position))
    } else if let note = step.note {
      entries[index].notes.append(note)
    }
    for words in step.gates.map(GateText.words) where !entries[index].notes.contains(words) {
      entries[index].notes.append(words)
    }
    // Where something else changes, a reader need not be told that it is remembered.
    let isAlone = entries[index].symbol != .add && entries[index].lines.isEmpty
    if step.operation.mark != nil, step.operation.action == .update, step.note == nil, isAlone {
      entries[index].notes.append("records what is managed in the ownership mark")
    }
  }

  /// Where a resource stands in the list, put at its end when it is not there yet.
  private mutating func place(
    of address: ResourceAddress, _ isIrreversible: Bool, orElse make: () -> Entry
  ) -> Int {
    let place = Place(address: address, isIrreversible: isIrreversible)
    if let index = places[place] { return index }
    places[place] = entries.count
    entries.append(make())
    return entries.count - 1
  }

  private func symbol(of step: Step) -> Symbol {
    step.address.kind == step.resource.kind ? symbol(ofAction: step.operation.action) : .change
  }

  private func symbol(ofAction action: Operation.Action) -> Symbol {
    switch action {
    case .create: .add
    case .update: .change
    case .delete: .remove
    }
  }

  private func line(_ reason: Reason, of step: Step) -> Line {
    let symbol: Symbol =
      reason.from == nil ? .add : (reason.to == nil ? .remove : .change)
    var remarks: [String] = []
    if step.operation.action != .create {
      if let effect = PlanView.words(reason.effect) { remarks.append(effect) }
      if let cause = PlanView.words(reason.cause) { remarks.append(cause) }
    }
    return Line(
      symbol: symbol, path: reason.path.description, from: reason.from, to: reason.to,
      remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "),
      position: reason.position)
  }

  static func words(_ effect: FieldSpec.Effect) -> String? {
    switch effect {
    case .immediate: nil
    case .rebuildsIndex: "rebuilds the index in the background"
    case .newDataOnly: "holds for new data only"
    case .recordedOnly: "only the number: copies are steps of their own"
    }
  }

  static func words(_ cause: ChangeCause) -> String? {
    switch cause {
    case .drift: "changed on the server"
    case .conflict: "changed on both sides"
    case .pending, .unknown: nil
    }
  }

  private mutating func add(_ refusal: Refusal) {
    let resource = Step(
      operation: Operation(.update, refusal.subject), before: [], after: [], inverse: nil,
      stepClass: .none, phase: .expand
    ).resource
    let symbol: Symbol = refusal.isReplacement ? .replace : .refuse
    let index = place(of: resource, false) {
      Entry(
        symbol: symbol, address: resource, position: refusal.position, lines: [], notes: [],
        isIrreversible: false, steps: [])
    }
    if refusal.isReplacement { entries[index].symbol = .replace }
    let place = refusal.subject == resource ? "" : refusal.subject.local
    let path = refusal.path.segments.isEmpty ? place : refusal.path.description
    entries[index].lines.append(
      Line(
        symbol: .refuse, path: path, from: refusal.from, to: refusal.to,
        remark: "[\(refusal.code)] \(refusal.message)", hint: refusal.hint,
        position: refusal.position, demandedAt: refusal.demandedAt))
  }
}
