// Stands, as recipe.cpp does, for a check of which times are taken: in a lesson with a speedup stage.
