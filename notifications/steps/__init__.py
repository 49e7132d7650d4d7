"""What workers, beat and pulse do here: write down what is news, and send it out. Each may run twice, late or never."""
