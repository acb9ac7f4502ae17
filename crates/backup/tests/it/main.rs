mod capture;
mod world;
