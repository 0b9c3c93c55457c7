# frozen_string_literal: true

# What `vagrant plugin install vagrant-hostwright` loads.
require_relative "hostwright"
