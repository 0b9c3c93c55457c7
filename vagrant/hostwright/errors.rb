# frozen_string_literal: true

module Hostwright
  # Says what it was given, word for word; Vagrant's own errors are looked up in its translations.
  class Error < Vagrant::Errors::VagrantError
    def initialize(text)
      @text = text
      super()
    end

    def error_message
      @text
    end
  end
end
