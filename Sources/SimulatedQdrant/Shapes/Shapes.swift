/// The forms of everything that a request can say, by topic in extensions of this.
enum Shapes {
  static func words(_ variants: String...) -> Shape { .choice(Choice(variants: variants)) }
}
