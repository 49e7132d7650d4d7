"""What a person is told of without having asked: the bell, letters, signs of the page. Endings become rows here."""
