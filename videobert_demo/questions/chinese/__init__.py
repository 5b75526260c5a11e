"""Chinese questions, answers and words. It knows no model: what it cannot put into English itself it hands on."""
