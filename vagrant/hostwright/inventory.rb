# frozen_string_literal: true

require "json"

module Hostwright
  # The text of an inventory of Vagrant's machines, in the form in which Vagrant's own ansible provisioner writes it.
  class Inventory
    # Machines by name: `ssh` as Vagrant tells it, nil for one that does not run; `known_hosts` the file of its host keys.
    Member = Struct.new(:name, :ssh, :known_hosts, keyword_init: true)

    def initialize(members, groups:, host_vars:, raw_ssh_args: nil, user: true)
      @members = members
      @groups = groups.to_h { |name, value| [name.to_s, value] }
      @host_vars = host_vars.to_h { |name, value| [name.to_s, value] }
      @raw_ssh_args = Array(raw_ssh_args)
      @user = user
    end

    def to_s
      head = "# Written by Vagrant's hostwright provisioner. It is written anew each time.\n\n"
      head + @members.map { |member| "#{host_line(member)}\n" }.join + "\n" + sections.join("\n")
    end

    # A value as Ansible reads it from an INI file: Python's literals, and everything else as a text.
    def self.literal(value)
      case value
      when true then "True"
      when false then "False"
      when nil then "None"
      when Hash then "{#{value.map { |key, one| "#{key.to_s.to_json}: #{literal(one)}" }.join(", ")}}"
      when Array then "[#{value.map { |one| literal(one) }.join(", ")}]"
      when Numeric then value.to_s
      else value.to_s.to_json
      end
    end

    # A plain word stays as it is, so that 17 is a number whether it was written as one or not, as in Ansible's own inventories.
    def self.text(value)
      case value
      when String, Symbol then value.to_s.match?(/\A[\w.,:@%+\/-]+\z/) ? value.to_s : literal(value)
      else literal(value)
      end
    end

    # `name=value` as one word on the line of a host.
    def self.word(name, value)
      written = text(value)
      return "#{name}=#{written}" if written.match?(/\A[\w.,:@%+\/-]*\z/)

      "#{name}='#{written.gsub("'", %q('"'"'))}'"
    end

    private

    def host_line(member)
      return "# #{member.name} does not run" if member.ssh.nil?

      words = connection(member).merge(vars_of(@host_vars[member.name]))
      ([member.name] + words.map { |name, value| self.class.word(name, value) }).join(" ")
    end

    def connection(member)
      ssh = member.ssh
      keys = Array(ssh[:private_key_path])
      {
        "ansible_host" => ssh[:host],
        "ansible_port" => ssh[:port],
        **(@user ? { "ansible_user" => ssh[:username] } : {}),
        **(ssh[:password] ? { "ansible_password" => ssh[:password] } : {}),
        **(keys.empty? ? {} : { "ansible_ssh_private_key_file" => keys.first.to_s }),
        "ansible_ssh_common_args" => ssh_args(member, keys).join(" "),
      }
    end

    def ssh_args(member, keys)
      ssh = member.ssh
      options = ["UserKnownHostsFile=#{quoted(member.known_hosts)}", "IdentitiesOnly=yes"]
      options += keys.drop(1).map { |key| "IdentityFile=#{quoted(key)}" }
      options << "ForwardAgent=yes" if ssh[:forward_agent]
      options << "ProxyCommand=#{quoted(ssh[:proxy_command])}" if ssh[:proxy_command]
      options.flat_map { |option| ["-o", option] } + @raw_ssh_args
    end

    def quoted(value)
      text = value.to_s
      text.match?(/[\s"\\]/) ? "\"#{text.gsub(/(["\\])/) { "\\#{$1}" }}\"" : text
    end

    # Vagrant takes a Hash, or a list or text of `name=value`.
    def vars_of(vars)
      return vars.to_h { |name, value| [name.to_s, value] } if vars.is_a?(Hash)

      Array(vars).flat_map { |text| text.to_s.split }.to_h { |word| word.split("=", 2).then { |name, value| [name, value.to_s] } }
    end

    def sections
      @groups.map do |name, value|
        lines = name.end_with?(":vars") ? var_lines(value) : Array(value).map(&:to_s)
        "[#{name}]\n#{lines.map { |line| "#{line}\n" }.join}"
      end
    end

    def var_lines(value)
      return Array(value).map(&:to_s) unless value.is_a?(Hash)

      value.map { |name, one| "#{name}=#{self.class.text(one)}" }
    end
  end
end
