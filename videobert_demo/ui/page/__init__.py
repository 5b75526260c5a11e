"""The page as Gradio serves it: who has it open, how events take their turn, what strangers may not do."""
