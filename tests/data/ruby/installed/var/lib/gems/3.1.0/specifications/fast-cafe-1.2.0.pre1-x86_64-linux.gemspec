# -*- encoding: utf-8 -*-
# stub: fast-cafe 1.2.0.pre1 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "fast-cafe".freeze
  s.version = "1.2.0.pre1"
  s.platform = "x86_64-linux".freeze

  s.required_rubygems_version = Gem::Requirement.new("> 1.3.1".freeze) if s.respond_to? :required_rubygems_version=
  s.require_paths = ["lib".freeze]
  s.authors = ["Zo\u00EB \u0141".freeze]
  s.date = "2026-11-23"
  s.homepage = "https://example.org/fast".freeze
  s.licenses = ["MIT".freeze, "Nonstandard license".freeze]
  s.rubygems_version = "3.3.15".freeze
  s.summary = "Schnell \u{1F680} \"quoted\" \#{not ruby} \u00E9".freeze

  s.installed_by_version = "3.3.15" if s.respond_to? :installed_by_version

  if s.respond_to? :specification_version then
    s.specification_version = 4
  end

  if s.respond_to? :add_runtime_dependency then
    s.add_runtime_dependency(%q<rack>.freeze, [">= 2", "< 4"])
    s.add_development_dependency(%q<rake>.freeze, [">= 0"])
  else
    s.add_dependency(%q<rack>.freeze, [">= 2", "< 4"])
    s.add_dependency(%q<rake>.freeze, [">= 0"])
  end
end
