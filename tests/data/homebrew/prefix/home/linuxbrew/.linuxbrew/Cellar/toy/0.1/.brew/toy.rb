# A formula whose receipt was left behind.
class Toy < Formula
  desc "Toy that doesn't do much"
  homepage 'https://example.org/toy'
  license any_of: [
    "MIT",
    { "GPL-2.0-only" => { with: "Classpath-exception-2.0" } },
  ]
  def caveats
    <<~EOS
      It's a toy.
    EOS
  end
end
