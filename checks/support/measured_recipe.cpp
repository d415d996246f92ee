// Stands, as recipe.cpp does, for a check of which times are taken: one with a speedup stage.
