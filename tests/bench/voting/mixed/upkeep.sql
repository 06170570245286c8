SELECT * FROM reference.upkeep(NULL, '1 second');
