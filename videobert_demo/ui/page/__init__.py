"""The page around the tabs: who has it open, how its events take turns, what strangers may not do."""
