"""Every sentence that a person reads: in English, and a catalogue of translations for each other language."""
