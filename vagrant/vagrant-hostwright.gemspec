# frozen_string_literal: true

require "json"

Gem::Specification.new do |spec|
  spec.name = "vagrant-hostwright"
  spec.version = JSON.parse(File.read(File.join(__dir__, "..", "package.json")))["version"]
  spec.summary = "A Vagrant provisioner that runs hostwright playbooks"
  spec.description = "Brings Vagrant's machines into the state that typed TypeScript playbooks describe, with options as those of Vagrant's own ansible provisioner."
  spec.authors = ["The authors of hostwright"]
  spec.license = "MIT"
  spec.required_ruby_version = ">= 2.7"
  spec.files = Dir.chdir(__dir__) { Dir["*.rb", "hostwright/*.rb"] }
  spec.require_paths = ["."]
end
