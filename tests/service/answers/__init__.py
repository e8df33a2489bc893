"""What providers and the gateways before them answer, a row for each answer, and what comes of it over three rounds."""
